#include "fer/output/prediction_json.h"

#include <cmath>
#include <numeric>

namespace fer::output {

namespace {

using Json = nlohmann::ordered_json;

Json json_of_face(const FacePrediction& face, const LabelSet& labels) {
  Json json;
  json["box"] = {face.box.x, face.box.y, face.box.width, face.box.height};
  json["score"] = rounded(face.score);
  json["track"] = face.track ? Json(*face.track) : Json();
  // Divides by their sum in double, because a float softmax over many classes is off by more than
  // 1e-6.
  const double sum = std::accumulate(face.probabilities.begin(), face.probabilities.end(), 0.0);
  json["label"] = face.uncertain ? kUncertain : labels.name(face.label());
  json["probability"] = rounded(double{face.probability()} / sum);
  Json& probabilities = json["probabilities"] = Json::object();
  for (std::size_t i = 0; i < face.probabilities.size(); ++i) {
    probabilities[labels.name(i)] = rounded(double{face.probabilities[i]} / sum);
  }
  return json;
}

}  // namespace

double rounded(double value) { return std::round(value * 1e9) / 1e9; }

Json prediction_json(const FramePrediction& prediction, const LabelSet& labels) {
  const source::Frame& frame = prediction.frame;
  Json line = {{"source", frame.source}, {"frame", frame.index}};
  if (frame.failed()) {
    line["error"] = frame.error;
    return line;
  }
  line["time_s"] = rounded(frame.time_s);
  line["width"] = frame.size.width;
  line["height"] = frame.size.height;
  line["faces"] = Json::array();
  for (const FacePrediction& face : prediction.faces) {
    line["faces"].push_back(json_of_face(face, labels));
  }
  return line;
}

std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace fer::output
