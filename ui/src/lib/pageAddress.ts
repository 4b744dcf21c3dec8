/** Where a toolchain's page is built: in its editor, which then begins with it. Pure. */

/** The name in the editor's address that asks for the page. */
export const PAGE_FIRST = "page";

export const pageEditorOf = (toolchainId: string) => `/toolchains/${toolchainId}/edit?${PAGE_FIRST}`;
