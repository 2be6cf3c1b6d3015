// A packed set. What begins like JSON is a header without its data, as for models.
#include "fer/data/packed_file.h"
#include "fuzz/fuzz_target.h"
#include "fuzz/safetensors_header.h"

namespace fer::fuzz {

namespace {

void read(const std::filesystem::path& path) {
  if (!data::is_packed_file(path)) return;
  const data::FaceSet set = data::read_packed_file(path);
  require(set.size() > 0 && set.labels.size(0) == set.size(), "a set has images and labels");
  require(!set.fingerprint().empty(), "every level can be read");
  if (set.votes.defined()) require(set.votes.size(0) == set.size(), "and votes for each");
}

}  // namespace

void packed(std::string_view bytes) {
  // Zeros are labels and splits that there are.
  const bool header = bytes.starts_with('{');
  read_file_of(header ? safetensors_of(bytes, std::string_view("\0", 1)) : std::string(bytes),
               read);
}

}  // namespace fer::fuzz
