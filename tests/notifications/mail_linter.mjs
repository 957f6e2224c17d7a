// Reads [{"name", "html"}] and writes [{"name", "found", "where"}]: what is no sound HTML (html-validate), and
// what a mail program cannot show at all (caniemail, whose data is part of the package). Nothing is fetched.
import { readFileSync } from "node:fs";

import { caniemail } from "caniemail";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

// Of Thunderbird the data of one platform is whole; all share one engine.
const PROGRAMS = [
  "apple-mail.*",
  "gmail.*",
  "outlook.*",
  "samsung-email.*",
  "thunderbird.macos",
  "yahoo.*",
];
const validator = new HtmlValidate(
  new StaticConfigLoader({
    extends: ["html-validate:recommended"],
    rules: {
      // Mail needs them: styles in the elements, and sizes as attributes for programs that drop styles.
      "no-inline-style": "off",
      "no-deprecated-attr": "off",
      // Old programs know "presentation" alone.
      "presentation-role-style": "off",
      // No reader sees it.
      "no-trailing-whitespace": "off",
    },
  }),
);

function unsound({ html, name }) {
  const { results } = validator.validateStringSync(html);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => ({ name, found: ruleId, where: `${line}: ${message}` })),
  );
}

function unshown({ html, name }) {
  const { errors } = caniemail({ clients: PROGRAMS, html }).issues;
  return [...errors].flatMap(([program, issues]) =>
    issues.map(({ title }) => ({ name, found: title, where: program })),
  );
}

const mails = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(mails.flatMap((mail) => [...unsound(mail), ...unshown(mail)])));
