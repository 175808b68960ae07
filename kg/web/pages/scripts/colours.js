// Cuts a query into stretches that have one colour each. It need not be right in all corners: the server parses.

const LETTER = "\\p{L}\\p{N}_";
const PATTERN = new RegExp(
  [
    "(?<comment>#[^\\n]*)",
    "(?<string>\"\"\"(?:[^\\\\]|\\\\.)*?\"\"\"|'''(?:[^\\\\]|\\\\.)*?'''|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*')",
    '(?<iri><[^<>"{}|^`\\\\\\s]*>)',
    `(?<variable>[?$][${LETTER}]+)`,
    `(?<name>(?:_|[\\p{L}][${LETTER}-]*)?:(?:[${LETTER}.%\\\\-]*[${LETTER}%-])?)`,
    "(?<number>\\b\\d+(?:\\.\\d+)?\\b)",
    "(?<word>[\\p{L}][\\p{L}\\p{N}_]*)",
    "(?<mark>[{}()\\[\\].;,])",
    "(?<other>\\s+|.)",
  ].join("|"),
  "gsu",
);

export const KEYWORDS =
  ("SELECT DISTINCT REDUCED WHERE ASK CONSTRUCT DESCRIBE PREFIX BASE FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER EXISTS " +
    "NOT IN BIND AS VALUES UNDEF GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT " +
    "SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN UCASE LCASE " +
    "ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY NOW UUID STRUUID MD5 SHA256 COALESCE IF " +
    "STRLANG STRDT SAMETERM ISIRI ISBLANK ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE TRUE FALSE").split(" ");
const KNOWN = new Set(KEYWORDS);

/** @type {(text: string) => Stretch[]} */
export function stretches(text) {
  return Array.from(text.matchAll(PATTERN), (match) => {
    const [kind] = Object.entries(match.groups || {}).find(([, part]) => part !== undefined) || ["other"];
    const isKeyword = kind === "word" && (match[0] === "a" || KNOWN.has(match[0].toUpperCase()));
    return { kind: isKeyword ? "keyword" : kind, text: match[0], start: match.index };
  });
}
