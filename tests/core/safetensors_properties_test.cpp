#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fer/core/safetensors_file.h"
#include "fer/core/safetensors_writer.h"
#include "support/properties.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using test::for_all;

rc::Gen<std::string> name() {
  return rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab./_\"\\ 0")));
}

struct Tensor {
  TensorBytes entry;
  std::string bytes;
};

// A tensor of any type and shape, sometimes without elements.
Tensor tensor(const std::string& name) {
  const auto type = static_cast<StoredType>(*rc::gen::inRange(0, 9));
  const auto shape = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange(0, 4));
  Tensor made{
      {name, type, {shape.begin(), shape.begin() + std::min<long>(std::ssize(shape), 4)}, {}}, {}};
  std::size_t count = bytes_of(type);
  for (const std::int64_t extent : made.entry.shape) count *= static_cast<std::size_t>(extent);
  const int most = type == StoredType::boolean ? 2 : 256;
  made.bytes = *rc::gen::container<std::string>(
      count,
      rc::gen::map(rc::gen::inRange(0, most), [](int byte) { return static_cast<char>(byte); }));
  return made;
}

TEST_CASE("Whatever tensors are written are read, with their metadata", "[core][unit]") {
  const test::TemporaryFolder folder;
  for_all([&] {
    const auto pairs = *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
        rc::gen::pair(name(), name()));
    const std::map<std::string, std::string> metadata(pairs.begin(), pairs.end());
    std::map<std::string, Tensor> tensors;
    for (const std::string& each : *rc::gen::container<std::vector<std::string>>(name())) {
      if (tensors.size() < 6) tensors[each] = tensor(each);
    }
    std::vector<TensorBytes> entries;
    for (auto& [unused, made] : tensors) {
      made.entry.bytes = made.bytes;
      entries.push_back(made.entry);
    }
    write_safetensors(folder / "t.safetensors", metadata, entries);
    const SafetensorsFile file(folder / "t.safetensors");
    RC_ASSERT(file.metadata() == metadata);
    RC_ASSERT(file.tensors().size() == tensors.size());
    for (const auto& [each, made] : tensors) {
      const StoredTensor* found = file.find(each);
      RC_ASSERT(found != nullptr);
      RC_ASSERT((found->type == made.entry.type && found->shape == made.entry.shape));
      RC_ASSERT(file.bytes(*found) == made.bytes);
    }
  });
}

}  // namespace
}  // namespace fer
