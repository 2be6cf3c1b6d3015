#include "fer/model/released_models.h"

#include <map>
#include <utility>

#include "fer/core/data_folders.h"
#include "fer/core/error.h"
#include "fer/model/ensemble_file.h"
#include "fer/model/find_model.h"

namespace fer::model {

namespace fs = std::filesystem;

namespace {

// Empty if there is no released model.
fs::path default_path() {
  try {
    return find_model("");
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::vector<ReleasedModel> released_models() {
  std::map<std::string, fs::path> paths;
  for (const fs::path& folder : data_folders(DataKind::models)) {
    for (const char* extension : {".safetensors", kEnsembleExtension}) {
      std::error_code code;
      for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
        if (entry.path().extension() == extension) {
          // the first file of a name stays
          paths.emplace(entry.path().stem().string(), entry.path());
        }
      }
    }
  }
  const fs::path usual = default_path();
  std::vector<ReleasedModel> models;
  for (auto& [name, path] : paths) {
    const bool is_default = path == usual;
    models.push_back({name, std::move(path), is_default});
  }
  return models;
}

}  // namespace fer::model
