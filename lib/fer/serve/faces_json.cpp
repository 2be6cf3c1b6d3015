#include "fer/serve/faces_json.h"

#include <algorithm>
#include <functional>

#include "fer/output/prediction_json.h"
#include "fer/report/base64.h"
#include "fer/report/png_bytes.h"

namespace fer::serve {

namespace {

using Json = nlohmann::ordered_json;

// Keeps the most probable classes, in their order.
void keep_top(Json& probabilities, std::size_t top) {
  if (top == 0 || top >= probabilities.size()) return;
  std::vector<double> shares;
  for (const auto& share : probabilities) shares.push_back(share.get<double>());
  std::sort(shares.begin(), shares.end(), std::greater<>());
  const double least = shares[top - 1];
  Json kept = Json::object();
  for (const auto& [label, share] : probabilities.items()) {
    if (share.get<double>() >= least && kept.size() < top) kept[label] = share;
  }
  probabilities = std::move(kept);
}

}  // namespace

Json picture_json(const PictureAnswer& answer, const LabelSet& labels,
                  const PredictParameters& parameters) {
  Json json = output::prediction_json(answer.prediction, labels);
  if (!json.contains("faces")) return json;
  for (std::size_t i = 0; i < json["faces"].size(); ++i) {
    Json& face = json["faces"][i];
    keep_top(face["probabilities"], parameters.top);
    if (i < answer.explanations.size()) {
      face["explanation"] = report::png_data_uri(answer.explanations[i]);
    }
  }
  if (answer.faces_left_out > 0) json["faces_left_out"] = answer.faces_left_out;
  if (!answer.annotated.empty()) {
    json["annotated"] = "data:image/jpeg;base64," + report::base64(answer.annotated);
  }
  return json;
}

Json pictures_json(std::span<const PictureAnswer> answers, const ServedModel& model,
                   const std::string& detector, const PredictParameters& parameters) {
  Json json = {{"model", model.name()}, {"detector", detector}, {"results", Json::array()}};
  for (const PictureAnswer& answer : answers) {
    json["results"].push_back(picture_json(answer, model.labels(), parameters));
  }
  return json;
}

}  // namespace fer::serve
