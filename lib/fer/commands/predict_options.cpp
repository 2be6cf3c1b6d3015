#include "fer/commands/predict_options.h"

#include <filesystem>

#include "fer/core/error.h"
#include "fer/core/label_set.h"
#include "fer/core/option_error.h"
#include "fer/core/shard.h"
#include "fer/core/text.h"
#include "fer/detect/detector_help.h"
#include "fer/model/model_help.h"
#include "fer/output/feature_file.h"
#include "fer/output/prediction_writer.h"

namespace fer::commands {

namespace {

constexpr const char* kAutomaticFormat = "auto";

std::vector<std::string> format_names() {
  std::vector<std::string> names = output::prediction_format_names();
  names.insert(names.begin(), kAutomaticFormat);
  return names;
}

std::string ending_of(const std::string& file) {
  return to_lower(std::filesystem::path(file).extension().string());
}

// The format that is named like the ending; empty for other endings.
std::string format_of_ending(const std::string& file) {
  const std::string ending = ending_of(file);
  return ending == ".jsonl" || ending == ".csv" ? ending.substr(1) : "";
}

}  // namespace

void PredictOptions::visit(OptionVisitor& visitor) {
  visit_input(visitor);
  visit_model(visitor);
  visit_faces(visitor);
  visit_video(visitor);
  visit_output(visitor);
  common.visit(visitor, {.threads = true});
}

void PredictOptions::visit_input(OptionVisitor& visitor) {
  visitor.group("Input");
  visitor.field(Field("sources",
                      "Pictures, folders, glob patterns, videos, cameras (0, /dev/video0), streams "
                      "(rtsp://, http://), pipes, or - for file names or a picture on standard "
                      "input")
                    .file("SOURCE")
                    .as_arguments()
                    .essential()
                    .not_recorded(),
                sources);
  visitor.field(Field("recursive", "Read the folders inside a folder, too").essential(), recursive);
  visitor.field(Field("videos", "Read the videos in a folder, too"), videos);
  visitor.field(
      Field("shard",
            "Predict one shard of the files: K/N is shard K of N, from 1; auto asks the "
            "launcher (a Slurm array, srun, mpirun, torchrun). A file is in the same shard "
            "on every machine. Names of output files contain the shard's number; "
            "fer-data merge joins them")
          .shown_as("K/N")
          .not_recorded(),
      shard);
}

void PredictOptions::visit_model(OptionVisitor& visitor) {
  visitor.group("Model");
  visitor.field(Field("model", model::models_help() +
                                   ". Default: nano. Third-party ONNX files need " + option("spec"))
                    .file("MODEL")
                    .essential(),
                model);
  visitor.field(Field("spec",
                      "Description of a third-party ONNX file: a JSON file that says what its "
                      "classes and its input are (docs/models-of-others.md). Give it once for each "
                      "ONNX file of " +
                          option("model") + ", in their order")
                    .file()
                    .not_recorded(),
                spec);
  visitor.field(Field("tta", infer::kTtaHelp), tta);
  visitor.field(Field("precision", infer::kPrecisionHelp), precision);
  visitor.field(
      Field("min_confidence",
            "Call a face 'uncertain' if the probability of its most probable class is below this")
          .range(0, 1),
      min_confidence);
  visitor.field(Field("person_baseline",
                      "Picture of the person's neutral face; several pictures make the estimate "
                      "better. Probabilities become relative to it: use it for pictures and videos "
                      "of this person only (docs/predict.md)")
                    .file("PICTURE")
                    .not_recorded(),
                person_baseline);
  visitor.field(Field("batch_size", "Largest number of frames whose faces are classified together")
                    .range(1, 65'536)
                    .in("frames"),
                batch_size);
}

void PredictOptions::visit_faces(OptionVisitor& visitor) {
  faces.visit(visitor);
  visitor.field(
      Field("crop_margin",
            "Side of the square crop as a multiple of the longer side of the detector's box; 0 "
            "means " +
                detect::usual_crop_help())
          .range(0, 4),
      crop_margin);
}

void PredictOptions::visit_video(OptionVisitor& visitor) {
  visitor.group("Videos and cameras");
  visitor.field(Field("track", "Follow faces from frame to frame and number them"), track);
  visitor.field(Field("smooth",
                      "Time over which the probabilities of a followed face are averaged; 0 "
                      "treats each frame by itself")
                    .in("seconds")
                    .range(0, 60),
                smooth);
  visitor.field(Field("every", "Take every N-th frame of videos and cameras")
                    .range(1, 1'000'000)
                    .in("frames"),
                every);
  visitor.field(
      Field("reconnect", "Time to keep reopening a camera or stream that broke; 0 gives up at once")
          .in("seconds")
          .range(0, 1e9),
      reconnect);
}

void PredictOptions::visit_output(OptionVisitor& visitor) {
  visitor.group("Output");
  visitor.field(
      Field("format",
            "Format of the results: text for people, JSON Lines or CSV for machines; auto is what "
            "the ending of " +
                option("results") + " says (.jsonl, .csv), else text")
          .essential()
          .one_of(format_names()),
      format);
  visitor.field(
      Field("results",
            "Write the results into this file instead of to standard output (-); the file "
            "appears only when it is complete")
          .file()
          .not_recorded(),
      results);
  visitor.field(Field("top", "Number of classes that the text format shows for each face")
                    .range(1, double{LabelSet::kMaxClasses})
                    .in("classes"),
                top);
  visitor.field(Field("output",
                      "Write annotated pictures here: a picture or video for one source, a folder "
                      "for several")
                    .file("PATH")
                    .essential()
                    .not_recorded(),
                output);
  visitor.field(Field("show",
                      "Show annotated pictures in a window; q or Escape closes it, any other key "
                      "shows the next still picture")
                    .essential()
                    .not_recorded(),
                show);
  visitor.field(
      Field("save_crops",
            "Write the faces as the classifier sees them into this folder, in one folder for each "
            "label: PNGs of its size and colours, or 48x48 grey for third-party ONNX files")
          .folder()
          .not_recorded(),
      save_crops);
  visitor.field(Field("explain",
                      "Write each face with its Grad-CAM heat map for the predicted class into "
                      "this folder; with several models, that of the first")
                    .folder()
                    .not_recorded(),
                explain);
  visitor.field(Field("features",
                      "Write each face's embedding, the input of the first model's last layer, as "
                      ".jsonl (JSON Lines) or .npy (NumPy, float32, a row for each face in the "
                      "order of the results)")
                    .file()
                    .not_recorded(),
                features);
  visitor.field(
      Field("stats", "Show how long each pipeline stage takes, during the run").not_recorded(),
      stats);
}

std::string PredictOptions::results_file() const { return results == "-" ? "" : results; }

std::string PredictOptions::results_format() const {
  if (format != kAutomaticFormat) return format;
  const std::string named = format_of_ending(results);
  return named.empty() ? "text" : named;
}

// Checks that the file's name fits the format, and that shards with such names can be joined.
void PredictOptions::check_results() const {
  const std::string named = format_of_ending(results);
  if (!named.empty() && named != results_format()) {
    throw OptionError("results", results,
                      "would hold " + results_format() + "; give " + option("format") + " " +
                          named + ", or another ending");
  }
  if (results_format() == "text" && ending_of(results) == ".json") {
    throw OptionError("results", results, "would hold text; JSON Lines are named .jsonl");
  }
  if (!results_file().empty() && named.empty() && !shard.empty()) {
    throw OptionError("results", results,
                      "cannot be joined with the other shards; allowed: .jsonl and .csv");
  }
}

void PredictOptions::validate() const {
  if (sources.empty()) {
    throw Error(
        "no source: name pictures, folders, glob patterns, videos or cameras, or - for "
        "file names on standard input");
  }
  shard_of(shard, environment());
  faces.validate();
  check_results();
  if (!features.empty()) output::check_feature_file_name(features, "features");
  if (!explain.empty() && explain == save_crops) {
    throw OptionError("explain", explain,
                      "is the folder of " + option("save_crops") +
                          ", too; their files have the same names, so name another");
  }
}

}  // namespace fer::commands
