// What the commands of fer-model have in common.
#pragma once

#include <filesystem>
#include <string>

#include "fer/core/options.h"

namespace fer::commands {

// The fields `model`, an argument, and `output`.
void visit_model(OptionVisitor& visitor, const char* help, std::string& model);
void visit_written_model(OptionVisitor& visitor, std::string& output);

// @throws fer::Error where no model is named.
void check_model(const std::string& model);

// Before the work. A model that is replaced is gone, and may be the one that is read. @throws
// fer::OptionError where the file is there, fer::Error where it could not be written.
void check_new_file(const std::string& output);

// The file of a model that is none of several. @throws fer::OptionError for an ensemble, and as
// model::find_model does.
std::filesystem::path find_single(const std::string& name);

}  // namespace fer::commands
