#include "fer/nn/named_models.h"

#include "fer/nn/class_order.h"
#include "fer/tensors/device.h"

namespace fer::nn {

namespace {

bool is_imported(const model::ModelPlace& place) {
  return !place.description.empty() ||
         model::read_model_info(SafetensorsFile(place.path)).is_imported();
}

}  // namespace

std::vector<NamedModel> load_models(const std::vector<std::string>& names,
                                    const std::string& device, const std::string& field,
                                    model::OnnxSpecs* specs) {
  const c10::Device where = tensors::resolve_device(device);
  std::vector<NamedModel> models;
  for (const model::ModelPlace& place : model::find_models(names, field, specs)) {
    if (is_imported(place)) {
      models.push_back({place, imported_model(model::read_model(place))});
      continue;
    }
    NamedModel& own = models.emplace_back(NamedModel{place, load_model(place.path)});
    own.model.net->to(where);
  }
  order_classes(models, models.front().model.info.labels, field);
  return models;
}

void order_classes(std::vector<NamedModel>& models, const LabelSet& wanted,
                   const std::string& field) {
  for (NamedModel& own : models) {
    order_classes(own.model, wanted, model::model_text(field, own));
  }
}

}  // namespace fer::nn
