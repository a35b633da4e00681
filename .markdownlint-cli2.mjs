import { readFileSync } from "node:fs";

const [, phrases] = /r"\.\*(.+)\.\*"/.exec(readFileSync("docs/style/words.grit", "utf8"));

export default {
  gitignore: true,
  globs: ["**/*.md"],
  customRules: ["markdownlint-rule-search-replace"],
  config: {
    default: false,
    "search-replace": {
      rules: [
        {
          name: "style",
          message: "CONTRIBUTING.md, Style, has a better phrase",
          searchPattern: `/${phrases}/g`,
          skipCode: true,
        },
      ],
    },
  },
};
