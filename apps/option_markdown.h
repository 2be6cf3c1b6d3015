// Makes the tables of options in docs/cli.md.
#pragma once

#include <string>
#include <vector>

#include "fer/core/option_table.h"

namespace fer {

// The chosen groups, each with a heading and a table; a single group has no heading. `chosen`:
// names in lower case with '-' for blanks: "instead-of-training". @throws fer::Error for an unknown
// group.
std::string options_as_markdown(const std::vector<OptionGroup>& groups,
                                const std::vector<std::string>& chosen);

}  // namespace fer
