import { describe, expect, it } from "vitest";
import { findSupport, lastSentence } from "./support";

const PASSAGE = `2 Technical data. The station lifts raw water from the intake basin to the
balancing reservoir. The maximum operating pressure of the
station is 16 bar. The safety valves open at 17.5 bar. Each pump has a rated flow of 420 cubic metres per hour.`;

describe("findSupport", () => {
  it("finds a quoted sentence over a line break", () => {
    const claim = "The maximum operating pressure of the station is 16 bar.";
    expect(findSupport(PASSAGE, claim)).toBe(claim);
  });

  it("finds what a claim says in other words", () => {
    expect(findSupport(PASSAGE, "Every pump moves 420 cubic metres per hour at its rated flow")).toContain("Each pump");
  });

  it("takes two sentences when a claim joins them", () => {
    const claim = "The operating pressure of the station is at most 16 bar and the safety valves open at 17.5 bar.";
    expect(findSupport(PASSAGE, claim)).toBe(
      "The maximum operating pressure of the station is 16 bar. The safety valves open at 17.5 bar.",
    );
  });

  it("works in scripts without spaces", () => {
    expect(findSupport("本站最大压力为十六巴。水泵由变频器驱动。", "水泵由变频器驱动")).toBe("水泵由变频器驱动。");
  });

  it.each(["The reservoir was painted green in spring.", "", "is of to"])("finds nothing for %j", (claim) => {
    expect(findSupport(PASSAGE, claim)).toBeNull();
  });

  it("finds nothing in nothing", () => expect(findSupport("", "The pressure is 16 bar")).toBeNull());
});

describe("lastSentence", () => {
  it("is the one before the mark", () => {
    expect(lastSentence("Spare parts are in room B. The housings take\nmineral oil")).toBe(
      "The housings take mineral oil",
    );
  });
  it.each(["", "  ", "Yes.", "So it is."])("is none for %j", (text) => expect(lastSentence(text)).toBeNull());
});

it("takes a row of a table, or the sentence after the table, for itself", () => {
  const passage =
    "Intervals\n\nPart | Work\nSeals | Replace every 16 000 hours\n\nThe seals are replaced\nby two people.";
  expect(findSupport(passage, "Seals | Replace every 16 000 hours.")).toBe("Seals | Replace every 16 000 hours");
  expect(findSupport(passage, "The seals are replaced by two people.")).toBe("The seals are replaced by two people.");
});
