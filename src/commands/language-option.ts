// The option --lang, which several commands have.

import { Option } from "commander";
import { LANGUAGES } from "../schema/run-choices.ts";
import { OPTION_TEXTS } from "./option-texts.ts";

export function languageOption(): Option {
  return new Option("--lang <language>", OPTION_TEXTS.lang).choices(LANGUAGES);
}
