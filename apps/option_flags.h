// The one place where option fields become command-line flags.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer {

// @throws fer::OptionError where a flag of a true-or-false field has another value: --flip=maybe.
void check_truth_values(const std::vector<std::string>& words, const VisitOptions& options);

// `--align auto` -> `--align=auto`: the flag of a field that knows "on" and "off" may stand alone
// (it is on then), so CLI11 takes its value behind a '=' only. Other words that follow are not
// values.
std::vector<std::string> with_joined_switches(const std::vector<std::string>& words,
                                              const VisitOptions& options);

// The words given for each flag, by field name; filled when CLI11 parses.
class FlagWords {
 public:
  // Adds a flag for every field. A true-or-false field becomes --name and --no-name.
  FlagWords(CLI::App& app, const VisitOptions& options);

  // Sets the fields whose flags were given. @throws fer::OptionError.
  void apply(const VisitOptions& options) const;

  // The fields whose flags were given.
  std::vector<std::string> given() const;

  // The last word given for a field, or "".
  std::string word(const std::string& name) const;

 private:
  // CLI11 keeps pointers to what it fills: the addresses must hold.
  std::map<std::string, std::unique_ptr<std::vector<std::string>>> words_;
};

}  // namespace fer
