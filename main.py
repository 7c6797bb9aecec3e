"""Where Flet looks for the app: its entry file and assets/ share this folder."""

from app.main import run

if __name__ == "__main__":
    run()
