#include "fer/graph/architectures.h"

#include "fer/core/error.h"
#include "fer/core/text.h"
#include "fer/graph/nets.h"

namespace fer::graph {

namespace {

template <ResNetShape (*shape)()>
ValueId resnet_of(Builder& builder, std::int64_t classes, const NetOptions& options) {
  return resnet(builder, shape(), classes, options);
}

struct Row {
  std::string name;
  std::vector<std::string> options;  // the fields of NetOptions that it takes
  ValueId (*make)(Builder& builder, std::int64_t classes, const NetOptions& options);
};

const std::vector<Row>& graph_rows() {
  static const std::vector<std::string> resnet_options = {
      "width", "stem_stride", "se", "shortcut", "downsample", "block", "drop_path", "dropout"};
  static const std::vector<Row> rows = {
      {"seed-cnn", {"dropout"}, seed_cnn},
      {"mini-xception", {"width"}, mini_xception},
      {"nano", resnet_options, resnet_of<nano_shape>},
      {"small", resnet_options, resnet_of<small_shape>},
      {"base", {"width", "dropout"}, vgg8},
      {"large", resnet_options, resnet_of<large_shape>},
      {"best", resnet_options, resnet_of<best_shape>},
  };
  return rows;
}

// @throws fer::Error that begins with `origin`, unless that is empty.
const Row& row_of(const std::string& architecture, const std::string& origin) {
  for (const Row& row : graph_rows()) {
    if (row.name == architecture) return row;
  }
  throw Error((origin.empty() ? "" : origin + ": ") + "unknown architecture " +
              quote(architecture) + "; allowed: " + join(architecture_names(), ", "));
}

void check(const Row& row, const NetOptions& options, const std::string& origin) {
  try {
    check_options(row.name, row.options, options);
  } catch (const Error& error) {
    throw Error(origin + ": " + error.what());
  }
}

}  // namespace

std::vector<std::string> architecture_names() {
  std::vector<std::string> names;
  for (const Row& row : graph_rows()) names.push_back(row.name);
  return names;
}

const std::vector<std::string>& options_of(const std::string& architecture) {
  return row_of(architecture, "").options;
}

Graph graph_of(const std::string& architecture, std::int64_t classes, const NetOptions& options,
               const Weights& weights, const std::string& origin, const FaceFormat& faces) {
  const Row& row = row_of(architecture, origin);
  check(row, options, origin);
  Builder builder(weights, origin, faces);
  const ValueId logits = row.make(builder, classes, options);
  return builder.take(logits);
}

}  // namespace fer::graph
