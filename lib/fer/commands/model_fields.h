// Common fields and checks of the commands of fer-model.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "fer/core/options.h"

namespace fer::commands {

// The fields `model`, an argument, and `output`.
Field model_field(std::string_view help);
void visit_written_model(OptionVisitor& visitor, std::string& output);

// @throws fer::Error if no model is named.
void check_model(const std::string& model);

// Call before long work: refuses to overwrite a model, which could be the input. @throws
// fer::OptionError if the file exists, fer::Error if it could not be written.
void check_new_file(const std::string& output);

// The file of a single model, not an ensemble. @throws fer::OptionError for an ensemble, and as
// model::find_model does.
std::filesystem::path find_single(const std::string& name);

}  // namespace fer::commands
