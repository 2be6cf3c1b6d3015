// Finds the file of the model that a user names.
#pragma once

#include <filesystem>
#include <string>

namespace fer::model {

// A file, a run folder (its best.safetensors), or the name of a released model or ensemble
// (NAME.safetensors or NAME.json in the folders of core/data_folders.h). Empty: the released
// default. @throws fer::NotFoundError for `field`, the option that names the model, with the
// searched folders and the known names.
std::filesystem::path find_model(const std::string& name, const std::string& field = "model");

}  // namespace fer::model
