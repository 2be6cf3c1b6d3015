#include "fer/train/run_folder.h"

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::train {

namespace fs = std::filesystem;

namespace {

constexpr int kMostRuns = 100'000;

}  // namespace

RunFolder RunFolder::create(const fs::path& parent, const std::string& name) {
  if (name.empty() || name.starts_with(".") || name.find('/') != std::string::npos) {
    throw OptionError("name", quote(name), "must be a plain name without '/' or a leading '.'");
  }
  make_folders(parent);
  std::error_code code;
  for (int number = 1; number <= kMostRuns; ++number) {
    const fs::path path = parent / (name + "-" + std::to_string(number));
    // create_directory makes it or says that it was there: two runs never get the same one.
    if (fs::create_directory(path, code)) return RunFolder(path);
    if (code == std::errc::file_exists) continue;  // a file of that name
    if (code) throw Error(path.string() + ": cannot be made: " + code.message());
  }
  throw Error(parent.string() + ": holds " + std::to_string(kMostRuns) + " runs named '" + name +
              "'; choose another " + option("name"));
}

RunFolder RunFolder::open(const fs::path& path) {
  RunFolder folder(path);
  std::error_code code;
  if (!fs::is_regular_file(folder.checkpoint(), code)) {
    throw Error(path.string() + ": is not a run that can be resumed: it has no last.ckpt");
  }
  return folder;
}

fs::path RunFolder::epoch_model(std::int64_t epoch) const {
  std::string number = std::to_string(epoch);
  number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
  return path_ / ("epoch-" + number + ".safetensors");
}

}  // namespace fer::train
