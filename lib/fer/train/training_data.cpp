#include "fer/train/training_data.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "fer/core/option_error.h"

namespace fer::train {

namespace {

bool lacks_a_relative_path(const data::DataOptions& data) {
  std::vector<std::string> paths = data.data;
  if (!data.ferplus.empty()) paths.push_back(data.ferplus);
  return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
    std::error_code ignored;
    return !std::filesystem::path(path).is_absolute() && !std::filesystem::exists(path, ignored);
  });
}

}  // namespace

data::OpenedData open_training_data(const data::DataOptions& options, int threads,
                                    const std::string& resumed) {
  const bool may_be_elsewhere = !resumed.empty() && lacks_a_relative_path(options);
  const std::string hint =
      " (relative paths in " + resumed +
      "/config.json start from where the run was started; pass the flag to name another)";
  try {
    data::OpenedData opened = data::open_data(options, threads);
    data::split_for_training(opened, options);
    return opened;
  } catch (const OptionError& error) {
    if (!may_be_elsewhere) throw;
    throw OptionError(error.field(), error.value(), error.reason() + hint);
  } catch (const Error& error) {
    if (!may_be_elsewhere) throw;
    throw Error(error.what() + hint);
  }
}

}  // namespace fer::train
