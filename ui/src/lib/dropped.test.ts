import { expect, it } from "vitest";
import { isHidden, pickedFile } from "./dropped";

it("leaves out what systems put into folders", () => {
  expect(isHidden("papers/.DS_Store")).toBe(true);
  expect(isHidden("papers/.git/config")).toBe(true);
  expect(isHidden("papers/2024/a.b.pdf")).toBe(false);
});

it("keeps where a file lay in its folder", () => {
  const file = (webkitRelativePath: string) => ({ webkitRelativePath }) as File;
  expect(pickedFile(file("papers/a.pdf")).source).toBe("papers/a.pdf");
  expect(pickedFile(file("")).source).toBeNull();
});
