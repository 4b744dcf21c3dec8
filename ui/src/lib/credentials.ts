/** Why a new username is refused, or null. The rule is that of `Credentials` in schemas/accounts.yaml. */
export function faultOfUsername(username: string): string | null {
  if (username === "") return "Choose a username.";
  if (username.length > 64) return "At most 64 characters.";
  if (!/^[A-Za-z0-9]/.test(username)) return "Begin with a letter or a digit.";
  if (!/^[A-Za-z0-9._@+-]+$/.test(username)) return "Use letters, digits and . _ @ + - only.";
  return null;
}

/** Why a new password is refused, or null. */
export function faultOfPassword(password: string): string | null {
  if (password.length < 8) return "Use at least 8 characters.";
  if (password.length > 256) return "At most 256 characters.";
  return null;
}
