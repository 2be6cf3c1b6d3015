#include "fer/output/prediction_writer.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <utility>

#include "fer/core/display_text.h"
#include "fer/core/error.h"
#include "fer/core/option_error.h"
#include "fer/core/text.h"
#include "fer/output/prediction_json.h"

namespace fer::output {

namespace {

void send(std::ostream& output, const std::string& text) {
  output << text << std::flush;
  if (!output) throw Error("the predictions cannot be written: the output is closed or full");
}

class TextWriter final : public PredictionWriter {
 public:
  TextWriter(const LabelSet& labels, std::int64_t top, std::ostream& output)
      : labels_(labels),
        top_(static_cast<std::size_t>(std::max<std::int64_t>(top, 1))),
        output_(output) {}

  void write(const FramePrediction& prediction) override {
    const source::Frame& frame = prediction.frame;
    if (frame.failed()) {
      send(output_, "error: " + safe_to_show(frame.error) + "\n");
      return;
    }
    const std::size_t count = prediction.faces.size();
    std::string text = safe_to_show(frame.source);
    if (frame.moving()) {
      text += " frame " + std::to_string(frame.index) + " (" + fixed(frame.time_s, 2) + " s)";
    }
    text += ": ";
    text += count == 0 ? "no face" : std::to_string(count) + (count == 1 ? " face" : " faces");
    text += '\n';
    for (const FacePrediction& face : prediction.faces) text += describe(face);
    send(output_, text);
  }

 private:
  // "  175x175 at (236, 29): happy 91.2 %, neutral 5.3 %, sad 1.0 %"
  std::string describe(const FacePrediction& face) const {
    std::vector<std::size_t> order(face.probabilities.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return face.probabilities[a] > face.probabilities[b];
    });
    // The shown label comes first, even if another one is more probable by now.
    const auto shown = std::find(order.begin(), order.end(), face.label());
    std::rotate(order.begin(), shown, shown + 1);
    order.resize(std::min(order.size(), top_));
    std::vector<std::string> classes;
    for (const std::size_t label : order) {
      classes.push_back(labels_.name(label) + " " + percent(double{face.probabilities[label]}, 1));
    }
    const cv::Rect& box = face.box;
    return "  " + std::to_string(box.width) + "x" + std::to_string(box.height) + " at (" +
           std::to_string(box.x) + ", " + std::to_string(box.y) + ")" +
           (face.track ? " track " + std::to_string(*face.track) : "") + ": " +
           (face.uncertain ? std::string(kUncertain) + ": " : "") + join(classes, ", ") + "\n";
  }

  LabelSet labels_;
  std::size_t top_;
  std::ostream& output_;
};

class JsonLinesWriter final : public PredictionWriter {
 public:
  JsonLinesWriter(const LabelSet& labels, std::int64_t, std::ostream& output)
      : labels_(labels), output_(output) {}

  void write(const FramePrediction& prediction) override {
    send(output_, json_line(prediction_json(prediction, labels_)) + "\n");
  }

 private:
  LabelSet labels_;
  std::ostream& output_;
};

class CsvWriter final : public PredictionWriter {
 public:
  CsvWriter(const LabelSet& labels, std::int64_t, std::ostream& output)
      : labels_(labels), output_(output) {}

  void write(const FramePrediction& prediction) override {
    const source::Frame& frame = prediction.frame;
    std::string text = header_once();
    const std::string start = csv_cell(frame.source) + "," + std::to_string(frame.index) + ",";
    const std::string no_face(labels_.size() + 9, ',');
    if (frame.failed()) {
      text += start + no_face + csv_cell(frame.error) + "\n";
    } else {
      const std::string time = shortest(rounded(frame.time_s));
      if (prediction.faces.empty()) text += start + time + no_face + "\n";
      for (std::size_t i = 0; i < prediction.faces.size(); ++i) {
        text += start + time + "," + std::to_string(i) + cells(prediction.faces[i]) + ",\n";
      }
    }
    send(output_, text);
  }

 private:
  std::string header_once() {
    if (std::exchange(started_, true)) return "";
    std::string line = "source,frame,time_s,face,x,y,width,height,score,track,label";
    for (const std::string& name : labels_.names()) line += "," + csv_cell(name);
    return line + ",error\n";
  }

  std::string cells(const FacePrediction& face) const {
    std::string text;
    for (const int edge : {face.box.x, face.box.y, face.box.width, face.box.height}) {
      text += "," + std::to_string(edge);
    }
    text += "," + shortest(rounded(face.score)) + "," +
            (face.track ? std::to_string(*face.track) : "") + "," +
            csv_cell(face.uncertain ? kUncertain : labels_.name(face.label()));
    const double sum = std::accumulate(face.probabilities.begin(), face.probabilities.end(), 0.0);
    for (const float probability : face.probabilities) {
      text += "," + shortest(rounded(double{probability} / sum));
    }
    return text;
  }

  LabelSet labels_;
  std::ostream& output_;
  bool started_ = false;
};

template <class Writer>
std::unique_ptr<PredictionWriter> make(const LabelSet& labels, std::int64_t top,
                                       std::ostream& output) {
  return std::make_unique<Writer>(labels, top, output);
}

struct FormatEntry {
  std::string_view name;
  std::unique_ptr<PredictionWriter> (*make)(const LabelSet&, std::int64_t, std::ostream&);
};

// A new format is one class and one line here.
constexpr std::array<FormatEntry, 3> kFormats = {{
    {"text", make<TextWriter>},
    {"jsonl", make<JsonLinesWriter>},
    {"csv", make<CsvWriter>},
}};

}  // namespace

std::vector<std::string> prediction_format_names() {
  std::vector<std::string> names;
  for (const FormatEntry& entry : kFormats) names.emplace_back(entry.name);
  return names;
}

std::unique_ptr<PredictionWriter> make_prediction_writer(const std::string& format,
                                                         const LabelSet& labels, std::int64_t top,
                                                         std::ostream& output) {
  for (const FormatEntry& entry : kFormats) {
    if (entry.name == format) return entry.make(labels, top, output);
  }
  throw OptionError(
      "format", quote(format) + " is not known; allowed: " + join(prediction_format_names(), ", "));
}

}  // namespace fer::output
