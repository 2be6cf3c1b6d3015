// Standard input: names of files, or a picture.
#include <sstream>

#include "fer/source/stdin_input.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

void names(std::string_view bytes) {
  std::istringstream stream{std::string(bytes)};
  source::StdinInput input(stream);
  may_refuse("-", [&] {
    if (input.is_picture()) {
      require(input.picture("-") == bytes, "a picture arrives as it was sent");
      return;
    }
    input.check_names("-");
    std::size_t length = 0;
    while (const auto name = input.next_name()) {
      require(!name->empty(), "a name is not empty");
      length += name->size();
    }
    require(length <= bytes.size(), "names are no longer than what came");
  });
}

}  // namespace fer::fuzz
