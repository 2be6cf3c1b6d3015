#include "fer/output/prediction_writer.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "fer/core/error.h"
#include "source/frame_fixtures.h"
#include "support/catch.h"

namespace fer::output {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using nlohmann::ordered_json;

FramePrediction example() {
  FramePrediction prediction;
  prediction.frame.size = {640, 480};
  prediction.frame.source = "clip.mp4";
  prediction.frame.index = 12;
  prediction.frame.time_s = 0.4;
  prediction.frame.frames_per_second = 30.0;
  FacePrediction face;
  face.box = {10, -4, 60, 62};
  face.score = 0.75;
  face.probabilities = {0.01F, 0.02F, 0.03F, 0.8F, 0.04F, 0.07F, 0.03F};
  prediction.faces.push_back(face);
  return prediction;
}

FramePrediction failure() {
  FramePrediction prediction;
  prediction.frame.source = "bad.jpg";
  prediction.frame.error = "bad.jpg: is empty, not a picture";
  return prediction;
}

std::string written(const std::string& format, const FramePrediction& prediction,
                    const LabelSet& labels = LabelSet(), std::int64_t top = 2) {
  std::ostringstream output;
  make_prediction_writer(format, labels, top, output)->write(prediction);
  return output.str();
}

std::vector<std::string> keys(const ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& entry : object.items()) names.push_back(entry.key());
  return names;
}

TEST_CASE("a JSON line has the promised keys in their order", "[output][unit]") {
  const std::string text = written("jsonl", example());
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(text.back() == '\n');
  const auto line = ordered_json::parse(text);
  CHECK(keys(line) ==
        std::vector<std::string>{"source", "frame", "time_s", "width", "height", "faces"});
  CHECK(line["source"] == "clip.mp4");
  CHECK(line["frame"] == 12);
  CHECK(line["time_s"] == 0.4);
  CHECK(line["width"] == 640);
  CHECK(line["height"] == 480);
  REQUIRE(line["faces"].size() == 1);
  const auto& face = line["faces"][0];
  CHECK(keys(face) ==
        std::vector<std::string>{"box", "score", "track", "label", "probability", "probabilities"});
  CHECK(face["box"] == ordered_json::array({10, -4, 60, 62}));
  CHECK(face["score"] == 0.75);
  CHECK(face["track"].is_null());
  CHECK(face["label"] == "happy");
  CHECK(std::abs(face["probability"].get<double>() - 0.8) < 1e-6);
  CHECK(keys(face["probabilities"]) == LabelSet::fer2013().names());
  CHECK(face["probabilities"]["happy"] == face["probability"]);
}

TEST_CASE("a tracked face carries its number", "[output][unit]") {
  FramePrediction prediction = example();
  prediction.faces[0].track = 5;
  CHECK(ordered_json::parse(written("jsonl", prediction))["faces"][0]["track"] == 5);
}

TEST_CASE("written probabilities sum to 1, for seven classes and a thousand", "[output][unit]") {
  for (const std::size_t classes : {std::size_t{7}, std::size_t{1000}}) {
    CAPTURE(classes);
    std::vector<std::string> names;
    std::vector<float> probabilities;
    double total = 0.0;
    for (std::size_t i = 0; i < classes; ++i) {
      names.push_back("class " + std::to_string(i));
      total += 1.0 + std::sin(double(i));
    }
    for (std::size_t i = 0; i < classes; ++i) {
      probabilities.push_back(static_cast<float>((1.0 + std::sin(double(i))) / total));
    }
    FramePrediction prediction = example();
    prediction.faces[0].probabilities = probabilities;
    const auto line = ordered_json::parse(written("jsonl", prediction, LabelSet(names)));
    double sum = 0.0;
    for (const auto& p : line["faces"][0]["probabilities"]) sum += p.get<double>();
    CHECK(std::abs(sum - 1.0) < 1e-6);
  }
}

TEST_CASE("no face is an empty list", "[output][unit]") {
  FramePrediction prediction = example();
  prediction.faces.clear();
  CHECK(ordered_json::parse(written("jsonl", prediction))["faces"] == ordered_json::array());
  CHECK_THAT(written("text", prediction), ContainsSubstring("no face"));
}

TEST_CASE("a failed frame is a line with its source and error, without faces", "[output][unit]") {
  const auto line = ordered_json::parse(written("jsonl", failure()));
  CHECK(keys(line) == std::vector<std::string>{"source", "frame", "error"});
  CHECK(line["source"] == "bad.jpg");
  CHECK(line["error"] == "bad.jpg: is empty, not a picture");
  CHECK(written("text", failure()) == "error: bad.jpg: is empty, not a picture\n");
}

TEST_CASE("a file name of any bytes is still one line of JSON", "[output][unit]") {
  FramePrediction prediction = example();
  prediction.frame.source = "na\xff\"me\n.png";
  const std::string text = written("jsonl", prediction);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(ordered_json::parse(text)["source"] == "na\xef\xbf\xbd\"me\n.png");
}

TEST_CASE("the text for people names frame, time, box and the best classes", "[output][unit]") {
  CHECK(written("text", example()) ==
        "clip.mp4 frame 12 (0.40 s): 1 face\n"
        "  60x62 at (10, -4): happy 80.0 %, surprise 7.0 %\n");
  FramePrediction still = example();
  still.frame.frames_per_second = 0.0;
  still.frame.source = "a.png";
  still.faces.push_back(still.faces[0]);
  CHECK_THAT(written("text", still), ContainsSubstring("a.png: 2 faces\n"));
}

TEST_CASE(
    "CSV has a row a face under one header, and one for a frame without faces or with an error",
    "[output][unit]") {
  std::ostringstream output;
  const auto writer = make_prediction_writer("csv", LabelSet(), 2, output);
  FramePrediction found = example();
  found.faces.front().probabilities = {0.0F, 0.0F, 0.0F, 0.75F, 0.25F, 0.0F, 0.0F};
  found.frame.source = "a \"b\", c.mp4";
  found.faces.push_back(found.faces.front());
  FramePrediction nobody = example();
  nobody.faces.clear();
  writer->write(found);
  writer->write(nobody);
  writer->write(failure());
  CHECK(output.str() ==
        "source,frame,time_s,face,x,y,width,height,score,track,label,"
        "angry,disgust,fear,happy,sad,surprise,neutral,error\n"
        "\"a \"\"b\"\", c.mp4\",12,0.4,0,10,-4,60,62,0.75,,happy,"
        "0,0,0,0.75,0.25,0,0,\n"
        "\"a \"\"b\"\", c.mp4\",12,0.4,1,10,-4,60,62,0.75,,happy,"
        "0,0,0,0.75,0.25,0,0,\n"
        "clip.mp4,12,0.4,,,,,,,,,,,,,,,,\n"
        "bad.jpg,0,,,,,,,,,,,,,,,,,\"bad.jpg: is empty, not a picture\"\n");
}

TEST_CASE("an unknown format is an error that lists those there are", "[output][unit]") {
  std::ostringstream output;
  CHECK_THROWS_MATCHES(
      make_prediction_writer("xml", LabelSet(), 1, output), Error,
      MessageMatches(ContainsSubstring("'xml'") && ContainsSubstring("text, jsonl")));
}

TEST_CASE("an output that takes no more is an error", "[output][unit]") {
  std::ostringstream output;
  const auto writer = make_prediction_writer("jsonl", LabelSet(), 1, output);
  output.setstate(std::ios::badbit);
  CHECK_THROWS_AS(writer->write(example()), Error);
}

}  // namespace
}  // namespace fer::output
