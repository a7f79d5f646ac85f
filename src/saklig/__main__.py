"""`python -m saklig` is `saklig`."""

from saklig.cli import main

if __name__ == "__main__":
    main()
