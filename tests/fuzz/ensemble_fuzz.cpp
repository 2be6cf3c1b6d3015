// A list of models. Its folder is /proc/self/fd, where no models are, so only the list is read.
#include "fer/model/ensemble_file.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

void ensemble(std::string_view bytes) {
  read_file_of(bytes, [](const std::filesystem::path& path) { model::read_ensemble(path); });
}

}  // namespace fer::fuzz
