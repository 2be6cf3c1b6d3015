#include "fer/commands/option_checks.h"

#include <filesystem>

#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::commands {

void check_png_name(std::string_view field, const std::string& file) {
  if (to_lower(std::filesystem::path(file).extension().string()) == ".png") return;
  throw OptionError(field, file, "is written as .png");
}

void check_data_of_model(const data::DataOptions& options) {
  data::DataOptions certain = options;
  if (certain.folds != 1) certain.folds = certain.fold = 0;  // the recipe may have the other option
  certain.validate();
}

}  // namespace fer::commands
