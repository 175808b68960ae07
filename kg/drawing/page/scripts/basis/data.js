// What the page is told: read once, and never changed, but for what a server adds to its end.

import { byId } from "./elements.js";

/** @type {Payload} */
export const data = JSON.parse(byId("data").textContent);
export const concepts = data.concepts;
export const connections = data.connections;
export const findings = data.findings;
export const TEXT = data.texts;
// The best comes first.
export const VERDICTS = Object.keys(data.verdicts);

// The numbers of the connections at each concept.
/** @type {number[][]} */
export const around = concepts.map(() => []);
connections.forEach((each, number) => {
  around[each.subject].push(number);
  if (each.object !== each.subject) around[each.object].push(number);
});

// Take in what a server knows more: each concept and connection once, with the words that they need.
/** @type {(more: More) => void} */
export function take(more) {
  const places = new Map(concepts.map(({ curie }, number) => [curie, number]));
  for (const each of more.concepts.filter(({ curie }) => !places.has(curie))) {
    const number = concepts.push(each) - 1;
    places.set(each.curie, number);
    around.push([]);
    data.graph.nodes.push({ id: number, label: each.curie, shape: "custom", group: each.kind });
  }
  for (const name of /** @type {const} */ (["kinds", "relations", "strengths"])) {
    Object.assign(data[name], { ...more[name], ...data[name] });
  }
  /** @type {(number: number) => number} */
  const placeOf = (number) => places.get(more.concepts[number].curie) || 0;
  const known = new Set(connections.map(identity));
  const against = more.findings.map((each) => addFinding(each, more, placeOf));
  for (const each of more.connections) {
    const added = { ...each, subject: placeOf(each.subject), object: placeOf(each.object) };
    if (!known.has(identity(added))) addConnection(withEvidence(added, more, against));
  }
}

// The place of a finding in the page, which may have had it before.
/** @type {(finding: Finding, more: More, placeOf: (number: number) => number) => number} */
function addFinding(finding, more, placeOf) {
  const { reason, release, row } = finding;
  const before = findings.findIndex((each) => each.reason === reason && each.release === release && each.row === row);
  if (before >= 0) return before;
  /** @type {(number: number | undefined, place: (number: number) => number) => number | undefined} */
  const moved = (number, place) => (number === undefined ? undefined : place(number));
  const added = {
    ...finding,
    concept: moved(finding.concept, placeOf),
    suggested: moved(finding.suggested, placeOf),
    opposed: moved(finding.opposed, (number) => addEvidence(number, more)),
    evidence: (finding.evidence || []).map((number) => addEvidence(number, more)),
  };
  return findings.push(added) - 1;
}

/** @type {(connection: Connection) => string} */
function identity({ subject, relation, object, excluded }) {
  return `${subject} ${relation} ${object} ${Boolean(excluded)}`;
}

/** @type {(connection: Connection) => void} */
function addConnection(connection) {
  const { subject, object } = connection,
    number = connections.push(connection) - 1;
  around[subject].push(number);
  if (object !== subject) around[object].push(number);
  data.graph.edges.push({ id: number, from: subject, to: object });
}

// The same connection, with its evidence among that of the page.
/** @type {(connection: Connection, more: More, against: number[]) => Connection} */
function withEvidence(connection, more, against) {
  const [own, doubts] = [connection.findings, connection.doubts].map((places = []) => places.map((each) => against[each]));
  const assertions = connection.assertions.map((each) => ({ ...each, evidence: addEvidence(each.evidence, more) }));
  return { ...connection, assertions, findings: own, doubts };
}

/** @type {(number: number, more: More) => number} */
function addEvidence(number, more) {
  const evidence = more.evidence[number];
  const document = data.documents.push(more.documents[evidence.document]) - 1;
  return data.evidence.push({ ...evidence, document }) - 1;
}

/** @type {(number: number, concept: number) => number} */
export function otherEnd(number, concept) {
  const { subject, object } = connections[number];
  return subject === concept ? object : subject;
}

/** @type {(connection: Connection) => string} */
export function strengthOf(connection) {
  return connection.assertions[0].strength;
}

// The steps of the lesson; without one there are none.
export const steps = data.lesson ? data.lesson.steps : [];

// What each step shows, with all that the steps before it showed and none put away.
/** @type {Members[]} */
export const taught = [];
steps.forEach((step, number) => {
  const before = number ? taught[number - 1] : { concepts: [], connections: [] };
  taught.push({
    concepts: new Set([...[...before.concepts].filter((each) => !(step.hide || []).includes(each)), ...step.concepts]),
    connections: new Set([...before.connections, ...step.connections]),
  });
});
