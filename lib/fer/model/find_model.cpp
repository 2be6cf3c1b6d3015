#include "fer/model/find_model.h"

#include <array>
#include <set>

#include "fer/core/data_folders.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/model/ensemble_file.h"

namespace fer::model {

namespace fs = std::filesystem;

namespace {

constexpr const char* kDefaultModel = "nano";
constexpr std::array<const char*, 2> kExtensions = {".safetensors", kEnsembleExtension};

std::string known_names() {
  std::set<std::string> names;
  for (const fs::path& folder : data_folders(DataKind::models)) {
    std::error_code code;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, code)) {
      for (const char* extension : kExtensions) {
        if (entry.path().extension() == extension) names.insert(entry.path().stem().string());
      }
    }
  }
  if (names.empty()) return "none found";
  return join({names.begin(), names.end()}, ", ");
}

}  // namespace

fs::path find_model(const std::string& name, const std::string& field) {
  std::error_code code;
  if (fs::is_regular_file(name, code)) return name;
  if (!name.empty() && fs::is_regular_file(fs::path(name) / "best.safetensors", code)) {
    return fs::path(name) / "best.safetensors";
  }
  if (fs::is_directory(name, code)) {
    throw NotFoundError(Missing::best_model, field, quote(name, 200),
                        "this folder has no best.safetensors");
  }
  const std::string wanted = name.empty() ? kDefaultModel : name;
  for (const fs::path& folder : data_folders(DataKind::models)) {
    for (const char* extension : kExtensions) {
      const fs::path path = folder / (wanted + extension);
      if (wanted.find('/') == std::string::npos && fs::is_regular_file(path, code)) return path;
    }
  }
  throw NotFoundError(Missing::model, field, quote(wanted, 200),
                      "no such file, run folder or released model; released models: " +
                          known_names() + "; searched: " + data_folders_text(DataKind::models));
}

}  // namespace fer::model
