// What the tests of fer-train's command share.
#pragma once

#include <ATen/Parallel.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "fer/commands/train_command.h"
#include "fer/core/files.h"
#include "support/temporary_folder.h"

namespace fer::test {

// 56 training faces in seven steps an epoch.
inline commands::TrainCommandOptions tiny_options(const TemporaryFolder& folder,
                                                  std::int64_t epochs) {
  at::set_num_threads(1);
  commands::TrainCommandOptions options;
  options.common.threads = 1;
  options.common.device = "cpu";
  options.data.data = {"synthetic:70"};
  options.train.epochs = epochs;
  options.train.batch_size = 8;
  options.output = folder / "runs";
  return options;
}

inline std::string text_of(const std::filesystem::path& path) {
  return read_file(path, 100u << 20);
}

// FER+'s CSV for `images` images, each of which ten people call neutral.
inline std::string neutral_votes(const TemporaryFolder& folder, const std::string& name,
                                 int images) {
  std::string text = "neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF\n";
  for (int i = 0; i < images; ++i) text += "10,0,0,0,0,0,0,0,0,0\n";
  write_file(folder / name, text);
  return folder / name;
}

}  // namespace fer::test
