export { TestCases } from "./TestCases";
