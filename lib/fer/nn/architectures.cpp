#include "fer/nn/architectures.h"

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/nn/seed_cnn.h"

namespace fer {

const std::vector<Architecture>& architectures() {
  static const std::vector<Architecture> table = {
      {"seed-cnn", "conv 32-64-128, dense 128: the classic small net", make_seed_cnn},
  };
  return table;
}

std::shared_ptr<Classifier> make_classifier(const std::string& name, std::int64_t classes) {
  std::vector<std::string> names;
  for (const Architecture& architecture : architectures()) {
    if (architecture.name == name) return architecture.make(classes);
    names.push_back(architecture.name);
  }
  throw Error("unknown architecture " + quote(name) + "; allowed: " + join(names, ", "));
}

}  // namespace fer
