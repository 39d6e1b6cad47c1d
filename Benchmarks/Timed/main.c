#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* timed COMMAND [ARGUMENT...]: runs a command with its output thrown away, and prints its wall time
 * and processor time in nanoseconds and its peak memory in KiB.
 *
 * A program of its own, since a child's peak begins with what its parent held when it forked: this
 * parent holds next to nothing. */
int main(int count, char **words) {
  if (count < 2) {
    fprintf(stderr, "usage: timed COMMAND [ARGUMENT...]\n");
    return 2;
  }
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  const pid_t child = fork();
  if (child < 0) {
    perror("timed: fork");
    return 1;
  }
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    if (nowhere >= 0) dup2(nowhere, STDOUT_FILENO);
    execvp(words[1], words + 1);
    perror(words[1]);
    _exit(127);
  }
  int status;
  struct rusage used;
  if (wait4(child, &status, 0, &used) != child) {
    perror("timed: wait4");
    return 1;
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  const long wall = (end.tv_sec - start.tv_sec) * 1000000000L + (end.tv_nsec - start.tv_nsec);
  const long processor = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000000L +
                         (used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1000L;
  printf("%ld %ld %ld\n", wall, processor, used.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
