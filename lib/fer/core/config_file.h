// Files that hold values of options: {"lr": 0.01, "epochs": 30}.
#pragma once

#include <map>
#include <string>

#include "fer/core/options.h"

namespace fer {

// Sets the options that the JSON file names; it may hold comments. Returns the place of each
// option: "lr" -> "nano.json line 7". @throws fer::Error for a file that cannot be read, is no JSON
// object, or has a key twice or one that is no option; fer::OptionError, with the line, for a value
// that is not allowed.
std::map<std::string, std::string> apply_config_file(const std::string& path,
                                                     const VisitOptions& options);

}  // namespace fer
