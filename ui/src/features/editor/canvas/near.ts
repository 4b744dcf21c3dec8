import { createContext, useContext } from "react";

/** Whether the canvas is near enough for the marks of values to be seen and hit. */
const Near = createContext(false);

export const NearProvider = Near.Provider;
export const useNear = () => useContext(Near);

/** The zoom from which they are. */
export const NEAR = 0.5;

/** The zoom below which a letter is less than two pixels high: words and marks are not drawn one by one. */
export const FAR = 0.15;
