#include "fer/data/pack_set.h"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fer/core/error.h"
#include "fer/core/hash.h"
#include "fer/core/json_text.h"
#include "fer/core/parallel.h"
#include "fer/core/part_file.h"
#include "fer/core/random.h"
#include "fer/core/text.h"
#include "fer/core/work_progress.h"
#include "fer/data/image_folder.h"
#include "fer/data/packed_file.h"

namespace fer::data {

namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr double kSecondsBetweenSaves = 10.0;

std::string_view text_of(const at::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

double seconds_from(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The output file: one that is complete or absent, or one that can be continued.
class Output {
 public:
  Output(const std::filesystem::path& path, const std::string& identity, std::size_t size,
         bool resumable) {
    if (resumable) {
      file_.emplace<PartFile>(path, identity, size);
    } else {
      file_.emplace<AtomicFile>(path).seekable_descriptor();
    }
  }

  PartFile* part() { return std::get_if<PartFile>(&file_); }
  void write_at(std::size_t offset, std::string_view bytes) {
    std::visit([&](auto& file) { write(file, offset, bytes); }, file_);
  }
  void read_at(std::size_t offset, std::string& to) {
    if (PartFile* own = part()) return own->read_at(offset, to);
    std::get<AtomicFile>(file_).read_at(offset, to);
  }
  void commit(Existing existing) {
    if (PartFile* own = part()) return own->commit_new();
    std::get<AtomicFile>(file_).commit(existing);
  }

 private:
  static void write(std::monostate, std::size_t, std::string_view) {}
  template <class File>
  static void write(File& file, std::size_t offset, std::string_view bytes) {
    file.write_at(offset, bytes);
  }

  std::variant<std::monostate, AtomicFile, PartFile> file_;
};

class Packer {
 public:
  Packer(const std::filesystem::path& path, const FaceSet& set, const PackOptions& options,
         Log& log, const std::atomic<bool>& stop)
      : path_(path),
        set_(set),
        options_(options),
        log_(log),
        stop_(stop),
        bytes_(set.images.format().bytes()) {
    if (!options.shuffle) return;
    places_ = RandomStream(static_cast<std::uint64_t>(options.seed))
                  .child("pack")
                  .permutation(set.size());
  }

  std::optional<Packed> pack() {
    const SafetensorsLayout layout = packed_layout(path_, set_, set_.size());
    const bool resumable =
        layout.size >= options_.resumable_from && options_.existing == Existing::kept;
    Output output(path_, identity(), layout.size, resumable);
    if (output.part() != nullptr) go_on(output.part()->saved());
    packed_.already_there = done_;
    if (done_ > 0) log_.info("goes on behind the " + grouped(done_) + " images that are there");
    if (!write_images(output, layout.offset_of("images"))) return std::nullopt;
    packed_.rows = rows_of_file();
    if (stretched_.value_or(0) > 0) {
      packed_.stretched = describe_stretched(set_.source, *stretched_, set_.size());
    }
    if (broken_.empty()) {
      write_others(output, layout);
      output.commit(options_.existing);
    } else {
      packed_.skipped = describe_broken(set_.source, set_.images, broken_);
      write_without_holes(output, layout.offset_of("images"));
    }
    return std::move(packed_);
  }

 private:
  std::int64_t place_of(std::int64_t row) const {
    return places_.empty() ? row : places_[static_cast<std::size_t>(row)];
  }

  // The inputs that determine every byte of the file.
  std::string identity() const {
    Hasher hasher;
    for (const at::Tensor& tensor : {set_.labels, set_.splits, set_.votes}) {
      if (tensor.defined()) hasher.add(text_of(tensor.contiguous()));
    }
    hasher.add(join(set_.label_set.names(), "\n") + "\n" + set_.source);
    return hex64(hasher.value()) + " " + set_.images.identity() + " " +
           (options_.shuffle ? "shuffled by " + std::to_string(options_.seed) : "in order");
  }

  // State: {"rows":N,"broken":[…],"stretched":N}, as save() writes it.
  void go_on(const std::string& saved) {
    const json state = parse_json(saved);
    if (!state.is_object()) return;
    done_ = std::clamp<std::int64_t>(state.value("rows", std::int64_t{0}), 0, set_.size());
    broken_ = state.value("broken", std::vector<std::int64_t>());
    if (done_ > 0 && !state.contains("stretched")) stretched_.reset();  // an older version's
    if (stretched_) stretched_ = state.value("stretched", std::int64_t{0});
  }

  void save(PartFile& part) const {
    json state{{"rows", done_}, {"broken", broken_}};
    if (stretched_) state["stretched"] = *stretched_;
    part.save(state.dump());
  }

  // Called after an error, which is the one reported: on a full disk saving the state fails as
  // well.
  void save_what_there_is(Output& output) const {
    try {
      if (PartFile* part = output.part()) save(*part);
    } catch (const Error&) {  // an older state will do
    }
  }

  // Writes block by block, in the order of the set. False if it was stopped.
  bool write_images(Output& output, std::size_t offset) {
    const WorkProgress work("packing", "images", done_);
    auto saved = Clock::now();
    const std::int64_t all = set_.size();
    while (done_ < all) {
      if (stop_.load()) {
        if (PartFile* part = output.part()) save(*part);
        log_.progress_done();
        return false;
      }
      const std::int64_t count = std::min(set_.images.at_once(), all - done_);
      try {
        write_block(output, offset, done_, count);
      } catch (...) {
        save_what_there_is(output);
        throw;
      }
      for (const std::int64_t row : set_.images.broken_rows(done_, count)) broken_.push_back(row);
      if (stretched_) *stretched_ += set_.images.stretched_rows(done_, count);
      done_ += count;
      log_.progress(work.at(done_, all));
      if (output.part() == nullptr || seconds_from(saved) < kSecondsBetweenSaves) continue;
      save(*output.part());
      saved = Clock::now();
    }
    log_.progress_done();
    return true;
  }

  // Each thread reads and writes a few images at a time.
  void write_block(Output& output, std::size_t offset, std::int64_t first, std::int64_t count) {
    constexpr std::int64_t kAtOnce = 64;
    parallel_for((count + kAtOnce - 1) / kAtOnce, options_.threads, [&](std::int64_t part) {
      const std::int64_t begin = first + part * kAtOnce;
      const std::int64_t end = std::min(begin + kAtOnce, first + count);
      const at::Tensor levels = set_.images.block(begin, end - begin);
      const std::string_view text = text_of(levels);
      const auto place = [&](std::int64_t row) {
        return offset + static_cast<std::size_t>(place_of(row)) * bytes_;
      };
      if (places_.empty()) return output.write_at(place(begin), text);
      for (std::int64_t row = begin; row < end; ++row) {
        output.write_at(place(row),
                        text.substr(static_cast<std::size_t>(row - begin) * bytes_, bytes_));
      }
    });
  }

  // Rows of the set in the order of the file, without broken ones.
  at::Tensor rows_of_file() const {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(set_.size()));
    std::vector<bool> broken(rows.size());
    for (const std::int64_t row : broken_) broken[static_cast<std::size_t>(row)] = true;
    for (std::int64_t row = 0; row < set_.size(); ++row) {
      rows[static_cast<std::size_t>(place_of(row))] = row;
    }
    std::erase_if(rows, [&](std::int64_t row) { return broken[static_cast<std::size_t>(row)]; });
    return at::tensor(rows, at::kLong);
  }

  // Writes everything except the images.
  void write_others(Output& output, const SafetensorsLayout& layout) const {
    const at::Tensor& rows = packed_.rows;
    output.write_at(0, layout.start);
    const auto write = [&](const char* name, const at::Tensor& values) {
      output.write_at(layout.offset_of(name), text_of(values.index_select(0, rows)));
    };
    write("labels", set_.labels);
    write("splits", set_.splits);
    if (set_.votes.defined()) write("votes", set_.votes);
  }

  // Copies all images except the holes of broken pictures into a new file.
  void write_without_holes(Output& output, std::size_t offset) {
    std::vector<std::int64_t> holes;
    for (const std::int64_t row : broken_) holes.push_back(place_of(row));
    const std::int64_t left = packed_.rows.numel();
    const SafetensorsLayout layout = packed_layout(path_, set_, left);
    Output whole(path_, "", layout.size, false);
    std::sort(holes.begin(), holes.end());
    holes.push_back(set_.size());
    std::size_t to = layout.offset_of("images");
    std::int64_t first = 0;
    for (const std::int64_t hole : holes) {
      to = copy(output, offset + static_cast<std::size_t>(first) * bytes_, whole, to,
                static_cast<std::size_t>(hole - first) * bytes_);
      first = hole + 1;
    }
    write_others(whole, layout);
    whole.commit(options_.existing);
    if (PartFile* part = output.part()) part->remove();
  }

  // Returns the end of the copied bytes.
  static std::size_t copy(Output& from, std::size_t at, Output& whole, std::size_t to,
                          std::size_t bytes) {
    std::string part;
    for (std::size_t done = 0; done < bytes; done += part.size()) {
      part.resize(std::min<std::size_t>(bytes - done, std::size_t{1} << 20));
      from.read_at(at + done, part);
      whole.write_at(to + done, part);
    }
    return to + bytes;
  }

  std::filesystem::path path_;
  const FaceSet& set_;
  const PackOptions& options_;
  Log& log_;
  const std::atomic<bool>& stop_;
  std::size_t bytes_;                 // of one image
  std::vector<std::int64_t> places_;  // [N] in the file; empty: in order
  std::int64_t done_ = 0;             // rows of the set written so far
  std::vector<std::int64_t> broken_;  // of these, the broken ones
  // The number of the stretched ones; unknown where an older version packed some.
  std::optional<std::int64_t> stretched_ = 0;
  Packed packed_;
};

}  // namespace

std::optional<Packed> pack_set(const std::filesystem::path& path, const FaceSet& set,
                               const PackOptions& options, Log& log,
                               const std::atomic<bool>& stop) {
  return Packer(path, set, options, log, stop).pack();
}

}  // namespace fer::data
