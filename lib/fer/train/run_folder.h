// The folder of a training run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fer::train {

// @throws fer::OptionError for `name` if it is not a plain file name.
void check_run_name(const std::string& name);

class RunFolder {
 public:
  // Makes `parent`/`name`-1, or the next free number; overwrites nothing. @throws fer::Error where
  // the folder cannot be made, or as check_run_name() does.
  static RunFolder create(const std::filesystem::path& parent, const std::string& name);

  // Of the runs that create() made with this name, the one that was started or resumed last;
  // nothing if it has no checkpoint.
  static std::optional<RunFolder> newest(const std::filesystem::path& parent,
                                         const std::string& name);

  // Opens an existing run. @throws fer::Error if it has no checkpoint.
  static RunFolder open(const std::filesystem::path& path);

  // @throws fer::Error if the folder was removed or replaced meanwhile. Writing would otherwise
  // make a new one, from which the run could not be resumed.
  void check_there() const;

  // Removes the temporary files of a killed process, which exist on file systems without nameless
  // files. Only with RunLock, so that no other process trains this run.
  void remove_leftovers() const;

  // The folder of a run that another process has made or opened; checks nothing.
  static RunFolder of_other(const std::filesystem::path& path) { return RunFolder(path); }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.json"; }
  std::filesystem::path results() const { return path_ / "results.csv"; }
  std::filesystem::path best_model() const { return path_ / "best.safetensors"; }
  // The weights without averaging, if best_model() holds their average (`ema`).
  std::filesystem::path best_raw_model() const { return path_ / "best-raw.safetensors"; }
  // The model of an epoch, counted from 1 (`save_every`).
  std::filesystem::path epoch_model(std::int64_t epoch) const;
  std::filesystem::path checkpoint() const { return path_ / "last.ckpt"; }
  std::filesystem::path log() const { return path_ / "log.txt"; }
  std::filesystem::path curves() const { return path_ / "curves"; }  // .svg and .png

 private:
  explicit RunFolder(std::filesystem::path path);

  std::filesystem::path path_;
  std::uint64_t device_ = 0, number_ = 0;  // identify the folder, whatever has its name later
};

}  // namespace fer::train
