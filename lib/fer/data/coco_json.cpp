#include "fer/data/coco_json.h"

#include <ATen/Functions.h>

#include <nlohmann/json.hpp>

#include "fer/core/face.h"
#include "fer/core/json_text.h"

namespace fer::data {

namespace {

using CocoObject = nlohmann::ordered_json;

CocoObject annotation_of(std::int64_t row, std::int64_t label, const FaceFormat& format,
                         const std::optional<FaceBox>& found) {
  const std::array<int, 4> box =
      found ? found->box : std::array<int, 4>{0, 0, format.width, format.height};
  CocoObject annotation = {{"id", row + 1}, {"image_id", row + 1},     {"category_id", label + 1},
                           {"bbox", box},   {"area", box[2] * box[3]}, {"iscrowd", 0}};
  if (found) annotation["score"] = found->score;
  return annotation;
}

}  // namespace

std::string coco_json(const FaceSet& set, Split split,
                      const std::function<std::string(std::int64_t)>& file_of,
                      const std::vector<std::optional<FaceBox>>& boxes) {
  CocoObject all = {{"info", {{"description", set.source}}},
                    {"images", CocoObject::array()},
                    {"annotations", CocoObject::array()},
                    {"categories", CocoObject::array()}};
  for (std::size_t i = 0; i < set.label_set.size(); ++i) {
    all["categories"].push_back({{"id", i + 1}, {"name", set.label_set.name(i)}});
  }
  const FaceFormat& format = set.images.format();
  const auto* labels = set.labels.const_data_ptr<std::int64_t>();
  const auto* splits = set.splits.const_data_ptr<std::uint8_t>();
  for (std::int64_t row = 0; row < set.size(); ++row) {
    if (static_cast<Split>(splits[row]) != split) continue;
    all["images"].push_back({{"id", row + 1},
                             {"file_name", file_of(row)},
                             {"width", format.width},
                             {"height", format.height}});
    const auto at = static_cast<std::size_t>(row);
    all["annotations"].push_back(
        annotation_of(row, labels[row], format, boxes.empty() ? std::nullopt : boxes[at]));
  }
  return all.dump(-1, ' ', false, CocoObject::error_handler_t::replace) + "\n";
}

}  // namespace fer::data
