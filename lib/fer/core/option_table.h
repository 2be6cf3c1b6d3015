// The options of a program as a list: what its help, the tables of docs/cli.md and the completion
// of shells are written from.
#pragma once

#include <string>
#include <vector>

#include "fer/core/options.h"

namespace fer {

enum class OptionKind { truth, whole_number, number, text, list };

struct OptionEntry {
  Field field;  // its help names other options by their flags
  OptionKind kind = OptionKind::text;
  std::string usual;  // the default as people read it; empty where there is none

  // The word for the value in help: "N", "FILE", "adam|sgd"; empty for options that are on or off.
  std::string placeholder() const;

  // "default 64, 1 to 65,536"; may be empty.
  std::string remark() const;

  // Whether the choices stand in the placeholder; where they are too long, the remark has them.
  bool shows_choices() const;

  // --name and --no-name: "on" and "off" are among the choices, or all there is.
  bool is_switch() const;

  // "--flip, --no-flip", without the form that would only repeat the default.
  std::string flags() const;
};

struct OptionGroup {
  std::string name;
  std::vector<OptionEntry> options;
};

// The groups in the order of their first options, each with all of its options.
std::vector<OptionGroup> option_groups(const VisitOptions& options);

}  // namespace fer
