// The best way between two concepts among the connections of this page.

import { around, concepts, connections, data, otherEnd, VERDICTS } from "./data.js";

// As `kg path` has it: a hop costs 1, a tenth more for each step below `corroborated`, and for every concept passed
// through what each of its two connections says of how little it tells apart. All in whole thousandths.
const HOP = 1000;
const VERDICT_STEP = 100;

// A package leads to its code, and is no way from one code to another: walked only where the package is an end.
/** @type {(floor: string, ends: Set<number>) => number[]} */
function allowed(floor, ends) {
  const trusted = new Set(VERDICTS.slice(0, VERDICTS.indexOf(floor) + 1));
  return connections
    .map((_, number) => number)
    .filter((number) => {
      const { excluded, verdict, relation, subject, object } = connections[number];
      const walked = relation !== "billedAs" || ends.has(subject);
      return !excluded && trusted.has(verdict) && subject !== object && walked;
    });
}

// Below the trust of the file a concept has more connections, and tells less apart.
/** @type {(number: number, ends: Set<number>, isBelow: boolean) => number} */
function stepCost(number, ends, isBelow) {
  const { verdict, subject, object, fees, feesBelow } = connections[number];
  const [atSubject, atObject] = (isBelow && feesBelow) || fees;
  return (
    HOP +
    VERDICT_STEP * VERDICTS.indexOf(verdict) +
    (ends.has(subject) ? 0 : atSubject) +
    (ends.has(object) ? 0 : atObject)
  );
}

// Of equal costs the fewer hops, then the CURIEs that come first; of equal connections the better verdict.
/** @type {(first: Way, second?: Way) => boolean} */
function isBetter(first, second) {
  if (!second) return true;
  if (first.cost !== second.cost) return first.cost < second.cost;
  if (first.hops.length !== second.hops.length) return first.hops.length < second.hops.length;
  const differing = first.nodes.findIndex((node, place) => node !== second.nodes[place]);
  if (differing >= 0) return concepts[first.nodes[differing]].curie < concepts[second.nodes[differing]].curie;
  const last = [first, second].map(({ hops }) => connections[hops[hops.length - 1]]);
  const [rank, other] = last.map(({ verdict }) => VERDICTS.indexOf(verdict));
  return rank !== other ? rank < other : last[0].relation < last[1].relation;
}

// Dijkstra's search; null where there is no way.
/** @type {(from: number, to: number, floor: string) => Way | null} */
export function bestWay(from, to, floor) {
  const ends = new Set([from, to]),
    trusted = new Set(allowed(floor, ends)),
    isBelow = VERDICTS.indexOf(floor) > VERDICTS.indexOf(data.facts.trust),
    done = new Set();
  /** @type {Map<number, Way>} */
  const best = new Map([[from, { cost: 0, nodes: [from], hops: [] }]]);
  for (;;) {
    const nearest = nearestOf(best, done);
    if (nearest === null) return null;
    const [here, way] = nearest;
    if (here === to) return way;
    done.add(here);
    for (const number of around[here].filter((each) => trusted.has(each))) {
      const there = otherEnd(number, here);
      const longer = {
        cost: way.cost + stepCost(number, ends, isBelow),
        nodes: [...way.nodes, there],
        hops: [...way.hops, number],
      };
      if (!done.has(there) && isBetter(longer, best.get(there))) best.set(there, longer);
    }
  }
}

// Of what is reached and not done, the concept with the best way, and that way.
/** @type {(best: Map<number, Way>, done: Set<number>) => [number, Way] | null} */
function nearestOf(best, done) {
  /** @type {[number, Way] | null} */
  let nearest = null;
  for (const [number, way] of best) {
    if (!done.has(number) && isBetter(way, nearest ? nearest[1] : undefined)) nearest = [number, way];
  }
  return nearest;
}
