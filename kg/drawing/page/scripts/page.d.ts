// The shapes of what the modules pass to each other, for the check of types; no page holds any of it.

// ---- What the page is told, as kg/drawing/payload.py writes it --------------------------------------------------

interface Payload {
  title: string;
  notes: string[];
  facts: { trust: string; asOf: string; releases: string[] };
  // The words of texts.toml.
  texts: any;
  kinds: Record<string, { one: string; many: string; shape: string; fill: string }>;
  relations: Record<string, { label: string; says: string; denies: string }>;
  verdicts: Record<string, VerdictLook>;
  strengths: Record<string, string>;
  excludedSign: string;
  drawn: number;
  concepts: Concept[];
  connections: Connection[];
  findings: Finding[];
  evidence: Evidence[];
  documents: string[];
  plans: Record<string, Plan>;
  paths: { cost: number; hops: { connection: number; forward: boolean }[] }[];
  leftOut: { kind: string; count: number }[];
  lesson: { title: string; steps: Step[] } | null;
  layout: Layout | null;
  graph: { nodes: object[]; edges: Edge[]; options: object };
  // What stands in the place of the picture at first.
  opens?: View;
  // Whether a server can be asked for more.
  live?: boolean;
}

// What a server adds to an open page.
type More = Pick<
  Payload,
  "concepts" | "connections" | "findings" | "evidence" | "documents" | "kinds" | "relations" | "strengths"
>;

interface VerdictLook {
  light: string;
  dark: string;
  dashes: number[];
  width: number;
  sign: string;
  meaning: string;
}

interface Concept {
  curie: string;
  kind: string;
  code: string;
  name: string;
  focus?: boolean;
  validity?: string[];
  brands?: string[];
  note?: string;
  // On the page of a server: how many connections it has, the address of its page, and that of what it connects to.
  degree?: number;
  page?: string;
  more?: string;
}

interface Connection {
  subject: number;
  relation: string;
  object: number;
  verdict: string;
  fees: [number, number];
  feesBelow?: [number, number];
  assertions: Assertion[];
  excluded?: boolean;
  waits?: boolean;
  // The places of what speaks against it, and of what speaks against that on which it depends.
  findings?: number[];
  doubts?: number[];
}

interface Assertion {
  strength: string;
  evidence: number;
  condition?: string;
  // Whether a release states it, and not a document.
  released?: boolean;
}

interface Evidence {
  document: number;
  line: number | string;
  section?: string;
  quote?: string;
}

interface Finding {
  verdict: string;
  reason: string;
  release: string;
  // What it is about, in words, and its number if the page has it.
  code: string;
  concept?: number;
  stated?: string;
  official?: string;
  row?: string;
  suggestion?: string;
  // The number of the code that was meant, if the page has it.
  suggested?: number;
  opposed?: number;
  // The sentences that it is about, and how many other assertions depend on them.
  evidence?: number[];
  hangs?: number;
}

interface Step {
  title: string;
  notes?: string;
  // What the class reads.
  say?: string;
  // Concepts that are put away, the only ones that are shown, and what stands out; the line whose evidence is shown.
  hide?: number[];
  only?: number[];
  marked?: number[];
  markedLines?: number[];
  opened?: number[];
  concepts: number[];
  connections: number[];
  // How what it shows stands, in both views; without it as on the whole page.
  plans?: Record<string, StepPlan>;
}

// Number, x, y, side, room and lines of the spot of a concept.
type NumberedSpot = [number, number, number, string, number, number];

// The middle of the plan of a step is that of what the page is about.
type StepPlan = Omit<Plan, "spots"> & { spots: NumberedSpot[] };

// Places by CURIE, for each plan.
type Layout = Record<string, Record<string, [number, number]>>;

interface Plan {
  style: string;
  view: [number, number];
  text: number;
  spots: Spot[];
  headings: Heading[];
  more: Heading[];
}

interface Spot {
  x: number;
  y: number;
  side: string;
  room: number;
  lines: number;
}

interface Heading extends Omit<Spot, "lines"> {
  text: string;
  concepts: readonly number[];
  waiting?: number[];
  continued?: boolean;
  refuted?: boolean;
  // Where a row stands for all of a group, of which nothing is drawn: on what it hangs, nothing for the focus.
  bundle?: readonly number[];
  // On what the bundle below a heading hangs.
  of?: readonly number[];
  lines?: number;
}

interface Edge {
  id: number;
  from: number;
  to: number;
  smooth?: { type: string; roundness: number };
}

// ---- What is shown ----------------------------------------------------------------------------------------------

type FilterName = "kinds" | "relations" | "verdicts" | "strengths";

type EventName = "visible" | "select" | "look" | "view";

// What is in the place of the picture.
type View = "graph" | "findings" | "list" | "table" | "questions";

interface State {
  view: View;
  // The plan by which everything stands: that of the page with its panels, or of the projector.
  plan: string;
  // Concepts of which the server has said what they connect to.
  asked: Set<number>;
  // The keys that are switched off, for each filter.
  off: Record<FilterName, Set<string>>;
  // Whether what documents say no to is shown.
  excluded: boolean;
  // The concepts in the picture.
  drawn: Set<number>;
  // What each expansion added, in the order of expanding.
  grown: Map<GrowthKey, Growth>;
  // Concepts that were expanded.
  opened: Set<GrowthKey>;
  // Concepts that hide the neighbours that hang on them alone.
  folded: Set<GrowthKey>;
  // A concept that is shown with its neighbours alone.
  only: number | null;
  selected: Target | null;
  // The path that was asked for, and the same as what stands out while the rest fades.
  way: Way | null;
  lit: Members | null;
  // The step of the lesson, or null outside of one.
  step: number | null;
  quiz: boolean;
  revealed: Set<number>;
  // The number from which questions are made, and the places of the answers that were given to them.
  seed: number;
  answers: number[];
}

// A question with its answers, the place of the right one, and the line that says so.
interface Question {
  text: string;
  answers: string[];
  right: number;
  connection: number;
}

// What can be undone.
type Snapshot = Pick<State, "off" | "excluded" | "drawn" | "grown" | "opened" | "folded" | "only">;

// A concept by its number, or what else brought concepts into the picture.
type GrowthKey = number | string;

interface Growth {
  title: string;
  numbers: number[];
}

type Target = { concept: number; connection?: undefined } | { connection: number; concept?: undefined };
type Hit = (Target & { sign?: undefined }) | { sign: Sign; concept?: undefined };

interface Members {
  concepts: Set<number>;
  connections: Set<number>;
}

// `hops` are the numbers of connections.
interface Way {
  cost: number;
  nodes: number[];
  hops: number[];
}

type Counts = Record<FilterName, Map<string, number>> & { excluded: number };

// What is only to be looked at, through and through.
type ReadOnly<T> =
  T extends Map<infer K, infer V>
    ? ReadonlyMap<K, ReadOnly<V>>
    : T extends Set<infer V>
      ? ReadonlySet<V>
      : T extends object
        ? { readonly [K in keyof T]: ReadOnly<T[K]> }
        : T;

// What an address asks for.
interface Address {
  view: View;
  step: number | null;
  selected: Target | null;
  path: AddressPath | null;
  only: number | null;
  open: string[];
  projector: boolean;
  quiz: boolean;
  seed: number;
  theme: "light" | "dark" | null;
  hide: [FilterName, string][];
  excluded: boolean;
  find: string;
}

interface AddressPath {
  from: number;
  to: number;
  floor: string;
}

// ---- Drawing ----------------------------------------------------------------------------------------------------

type Point = [number, number];
// Left, top, right, bottom.
type Box = [number, number, number, number];
type Course = [Point, Point, Point];

interface Colours {
  theme: "light" | "dark";
  ink: string;
  quiet: string;
  ground: string;
  accent: string;
  focus: string;
  onFocus: string;
}

interface Style {
  fill?: string;
  stroke?: string;
  width?: number;
  dashes?: number[];
}

// Words as they flow into lines: letters stand at an x of their line, and pieces also at a y.
interface Word {
  text: string;
  font: string;
}

interface Letters extends Word {
  x: number;
}

interface Piece extends Letters {
  y: number;
  size: number;
}

// Text starts at x and is centred on y.
interface Pen {
  polygon(points: Point[], style: Style): void;
  curve(course: Course, style: Style): void;
  box(x: number, y: number, width: number, height: number, round: number, style: Style): void;
  text(piece: Piece, colour: string): void;
}

// What stands at a concept, relative to it: the radius of its marker, half the width and height of what lines end at,
// the pieces of its label, and the box of all.
interface Design extends Words {
  radius: number;
  half: [number, number];
}

interface Words {
  pieces: Piece[];
  box: Box;
}

interface Sign extends Heading, Words {
  // The number of a row that stands for more.
  more?: number;
}

// What is known of every concept that is drawn, by its number.
interface OfDrawn<T> extends Omit<ReadonlyMap<number, T>, "get"> {
  get(number: number): T;
  [Symbol.iterator](): MapIterator<[number, T]>;
}

interface LineWords {
  number: number;
  words: string;
  x: number;
  y: number;
  width: number;
}

interface Line {
  id: number;
  hidden: boolean;
  dashes: number[] | false;
  width: number;
  color: { color: string; highlight: string; hover: string; opacity: number };
}

// What the legend of a file says, and what draws the sample before it at (x, y).
type SheetEntry = [string, (pen: Pen, x: number, y: number) => void];

// A file: how large it is, and where its parts are.
interface Sheet {
  box: Box;
  width: number;
  entries: SheetEntry[];
  columns: number;
  sources: Letters[][];
  top: number;
  under: number;
  rows: number;
  size: [number, number];
}

// Words that are set in lines.
interface SetWords {
  pieces: { piece: Piece; colour: string }[];
  height: number;
}

// A mistake on a sheet: its parts, how high they are, and how high all of it is.
interface MistakeSheet {
  verdict: string;
  said: SetWords;
  official: SetWords;
  code: SetWords;
  hanging: SetWords | null;
  height: number;
  whole: number;
}

// ---- Search -----------------------------------------------------------------------------------------------------

// A concept that a text may mean, and by which brand it was found, or that its letters are only nearly those.
interface Match {
  number: number;
  brand?: string;
  near?: boolean;
}

// ---- The table --------------------------------------------------------------------------------------------------

type Column = "subject" | "relation" | "object" | "verdict" | "against" | "meant" | "strength" | "where" | "quote";

interface Row {
  // That of its connection.
  number: number;
  cells: Record<Column, string>;
}

// ---- The panel --------------------------------------------------------------------------------------------------

// What a button says, and what it does.
type PanelItem = [string, () => void];

// ---- What is there besides --------------------------------------------------------------------------------------

// vis-network, which a script before ours brings.
declare const vis: any;

interface VisNode {
  ctx: CanvasRenderingContext2D;
  id: number;
  x: number;
  y: number;
  state: { hover: boolean };
}

interface Window {
  billingKg: object;
}
