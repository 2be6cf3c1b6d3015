// The tables of options in docs/cli.md.
#pragma once

#include <string>
#include <vector>

#include "fer/core/option_table.h"

namespace fer {

// Chosen groups, a heading and a table each. `chosen` has their names in lower case with '-' for
// blanks: "instead-of-training"; with one name its table comes without a heading. @throws
// fer::Error for a name that no group has.
std::string options_as_markdown(const std::vector<OptionGroup>& groups,
                                const std::vector<std::string>& chosen);

}  // namespace fer
