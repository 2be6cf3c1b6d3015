// Two shards of a run's predictions, which fer-data merge joins: JSON Lines, or CSV behind a '#', the second
// one behind a zero byte.
#include <filesystem>

#include "fer/core/files.h"
#include "fer/core/merge_shards.h"
#include "fuzz/fuzz_target.h"
#include "support/temporary_folder.h"

namespace fer::fuzz {

void shards(std::string_view bytes) {
  static const test::TemporaryFolder folder;
  const bool csv = bytes.starts_with('#');
  const auto [first, second] = split_at(bytes.substr(csv ? 1 : 0), '\0');
  const std::string ending = csv ? ".csv" : ".jsonl";
  const std::vector<std::filesystem::path> parts = {folder / ("a.1-of-2" + ending),
                                                    folder / ("a.2-of-2" + ending)};
  write_file(parts[0], first);
  write_file(parts[1], second);
  const auto output = folder / ("joined" + ending);
  may_refuse(folder.path().string(), [&] {
    const MergedShards merged = merge_shards(parts, output, false);
    const std::string joined = read_file(output, 1 << 20);
    require(joined.size() <= bytes.size(), "what is joined was there");
    require(merged.missing.empty() && merged.parts == 2, "both parts are there");
  });
  std::filesystem::remove(output);
}

}  // namespace fer::fuzz
