// A list of models. Those it may name are /proc/self/fd's, which are none: what is read is the list.
#include "fer/model/ensemble_file.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

void ensemble(std::string_view bytes) {
  read_file_of(bytes, [](const std::filesystem::path& path) { model::read_ensemble(path); });
}

}  // namespace fer::fuzz
