export { Sharing } from "./Sharing";
