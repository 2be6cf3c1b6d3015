// Names for classes: pairs, JSON, or a file of it.
#include "fer/core/text.h"
#include "fer/data/class_names.h"
#include "fuzz/fuzz_target.h"

namespace fer::fuzz {

namespace {

void read(const std::string& given) {
  may_refuse("class_names", [&] {
    const data::ClassNames names = data::ClassNames::read(given);
    require(names.all().size() <= data::ClassNames::kMostNames, "names are bounded");
    require(!is_utf8(given) || data::ClassNames::read(names.text()).all() == names.all(),
            "names are read as they are written");
  });
}

}  // namespace

void class_names(std::string_view bytes) {
  read(std::string(bytes));
  read(InputFile(bytes).path().string());
}

}  // namespace fer::fuzz
