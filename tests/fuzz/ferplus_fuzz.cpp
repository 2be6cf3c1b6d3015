// FER+'s CSV of votes.
#include "fer/data/ferplus_csv.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

void ferplus(std::string_view bytes) {
  read_file_of(bytes, [](const std::filesystem::path& path) {
    const data::FerPlusVotes read = data::read_ferplus_csv(path);
    const auto rows = std::ssize(read.lines);
    require(rows > 0 && std::ssize(read.splits) == rows, "each row has a split");
    require(read.votes.size(0) == rows && read.votes.size(1) == 10, "and ten votes");
  });
}

}  // namespace fer::fuzz
