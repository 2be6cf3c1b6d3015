// Turns option fields into command-line flags.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer {

// @throws fer::OptionError for a flag of a boolean field with another value: --flip=maybe.
void check_truth_values(const std::vector<std::string>& words, const VisitOptions& options);

// `--align auto` -> `--align=auto`: the flag of a field with "on" and "off" may stand alone
// (meaning on), so CLI11 accepts its value only after '='. Joins the next word if it is a value.
std::vector<std::string> with_joined_switches(const std::vector<std::string>& words,
                                              const VisitOptions& options);

// The words given for each flag, by field name; filled when CLI11 parses.
class FlagWords {
 public:
  // Adds a flag for every field. A boolean field becomes --name and --no-name.
  FlagWords(CLI::App& app, const VisitOptions& options);

  // Sets the fields whose flags were given. @throws fer::OptionError.
  void apply(const VisitOptions& options) const;

  // The fields whose flags were given.
  std::vector<std::string> given() const;

  // The last word given for a field, or "".
  std::string word(const std::string& name) const;

 private:
  // By pointer, because CLI11 keeps the addresses of the vectors that it fills.
  std::map<std::string, std::unique_ptr<std::vector<std::string>>> words_;
};

}  // namespace fer
