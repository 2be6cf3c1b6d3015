// Joins the results of shards (core/shard.h) to the results of the whole work.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fer {

struct MergedShards {
  std::filesystem::path output;
  std::int64_t parts = 0;
  std::int64_t records = 0;           // lines of JSON, rows of CSV
  std::vector<std::int64_t> missing;  // numbers of the missing shards, if those are allowed
  // Whether records are in the order of their sources' names, as a single process writes them for a
  // folder; otherwise they are shard by shard.
  bool sorted = false;
};

// Joins files that are named as path_of_shard() names them, in any order: JSON Lines whose objects
// have a "source", or CSV, whose first column is the source. `output`: empty means the name that
// the shards' names give. Files may be of any size. Memory holds one record of each file; a record
// has up to 64 MiB. @throws fer::Error for more than 10,000 files; for a name without a shard; for
// shards of different results; for a shard that is there twice or, unless `allow_missing`, not at
// all; for a source that two shards have, where records are sorted; for other columns; for a line
// that is no record, or is cut off; for an `output` that is there already, has another ending or
// cannot be written.
MergedShards merge_shards(const std::vector<std::filesystem::path>& parts,
                          const std::filesystem::path& output, bool allow_missing);

// "2, 5 to 7"
std::string ranges_text(const std::vector<std::int64_t>& ascending);

}  // namespace fer
