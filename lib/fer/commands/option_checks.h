// Checks of options for several commands, before any work.
#pragma once

#include <string>
#include <string_view>

#include "fer/data/data_options.h"

namespace fer::commands {

// @throws fer::OptionError for a file that is not named .png.
void check_png_name(std::string_view field, const std::string& file);

// For programs that take the split from a model's recipe unless the user chooses it: checks for
// mistakes that exist with every recipe. @throws fer::Error as DataOptions::validate() does.
void check_data_of_model(const data::DataOptions& options);

}  // namespace fer::commands
