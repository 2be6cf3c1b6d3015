#include "fer/train/run_folder.h"

#include <sys/stat.h>

#include <utility>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/number.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"

namespace fer::train {

namespace fs = std::filesystem;

namespace {

constexpr int kMostRuns = 100'000;

}  // namespace

void check_run_name(const std::string& name) {
  if (name.empty() || name.starts_with(".") || name.find('/') != std::string::npos) {
    throw OptionError("name", quote(name), "must be a plain name without '/' or a leading '.'");
  }
}

RunFolder RunFolder::create(const fs::path& parent, const std::string& name) {
  check_run_name(name);
  make_folders(parent);
  std::error_code code;
  for (int number = 1; number <= kMostRuns; ++number) {
    const fs::path path = parent / (name + "-" + std::to_string(number));
    // create_directory reports whether it made the folder, so two runs never get the same one.
    const bool made = fs::create_directory(path, code);
    if (code == std::errc::file_exists) continue;  // a file of that name
    if (code) throw Error(path.string() + ": cannot be made: " + code.message());
    if (!made) continue;
    if (!sync_folder(parent)) throw Error(path.string() + ": cannot be made durable");
    return RunFolder(path);
  }
  throw Error(parent.string() + ": holds " + std::to_string(kMostRuns) + " runs named '" + name +
              "'; choose another " + option("name"));
}

std::optional<RunFolder> RunFolder::newest(const fs::path& parent, const std::string& name) {
  std::optional<RunFolder> newest;
  fs::file_time_type begun;
  std::error_code code;
  // By start time, because the number of a removed run is used again.
  for (const auto& entry : fs::directory_iterator(parent, code)) {
    const std::string found = entry.path().filename().string();
    if (!found.starts_with(name + "-") || !to_number<int>(found.substr(name.size() + 1))) continue;
    const RunFolder run(entry.path());
    const fs::file_time_type time = fs::last_write_time(run.config(), code);
    if (code || (newest && time <= begun)) continue;
    newest = run;
    begun = time;
  }
  if (newest && !fs::is_regular_file(newest->checkpoint(), code)) return std::nullopt;
  return newest;
}

RunFolder RunFolder::open(const fs::path& path) {
  RunFolder folder(path);
  std::error_code code;
  if (!fs::is_regular_file(folder.checkpoint(), code)) {
    throw Error(path.string() + ": is not a run that can be resumed: it has no last.ckpt");
  }
  return folder;
}

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  struct stat info {};
  if (::stat(path_.c_str(), &info) != 0) return;
  device_ = info.st_dev;
  number_ = info.st_ino;
}

void RunFolder::check_there() const {
  struct stat info {};
  if (::stat(path_.c_str(), &info) == 0 && info.st_dev == device_ && info.st_ino == number_) return;
  throw Error(path_.string() + ": the run folder was removed while the run was training");
}

void RunFolder::remove_leftovers() const {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, ignored)) {
    if (is_temporary_name(entry.path()) && entry.is_regular_file(ignored)) {
      found.push_back(entry.path());
    }
  }
  for (const fs::path& path : found) fs::remove(path, ignored);
}

fs::path RunFolder::epoch_model(std::int64_t epoch) const {
  std::string number = std::to_string(epoch);
  number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
  return path_ / ("epoch-" + number + ".safetensors");
}

}  // namespace fer::train
